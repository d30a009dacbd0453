"""Tests against a program from outside: LForms, a form filler of the National Library of Medicine."""
