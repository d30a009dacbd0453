"""Programs from outside that the service is tried with, in environments of their own."""
