"""What all long work has in common: imports, exports, bulk actions. It knows nothing of what the work is.

lease       who may work on a job: one process at a time, also after a crash
heartbeat   whether a worker is there at all
progress    how far a job is, and when it will be done
"""
