"""What the contact pages show, worked out here so that views only call and templates only write it down."""
