"""What was said with contacts, worked on over many of them.

process      deliveries of providers, stored as they came, worked on until it is done
receive      what a provider tells → contacts, conversations, messages, each exactly once
identify     who it is: the contact, found, made or learnt about
merge        two contacts that turn out to be one
open_and_close    when a conversation begins and ends
media        files: fetched, looked into, kept
download     how that is done without reaching what nobody should
thumbnails   small pictures of large ones
history_import    a file of messages from another system, many at once
identify_many     who they are, as `identify` would say one by one
retention    removes messages that their channel keeps no longer
"""
