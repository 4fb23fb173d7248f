"""What was said with contacts, worked on over many of them.

retention    removes messages that their channel keeps no longer
"""
