"""What was said with contacts, worked on over many of them.

process      deliveries of providers, stored as they came, worked on until it is done
receive      what a provider tells → contacts, conversations, messages, each exactly once
identify     who it is: the contact, found, made or learnt about
merge        two contacts that turn out to be one
open_and_close    when a conversation begins and ends
retention    removes messages that their channel keeps no longer
"""
