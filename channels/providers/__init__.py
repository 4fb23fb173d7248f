"""Who brings the messages of a channel. One file a provider; what they tell is in the words of `inbound`."""
