"""Tests against programs from outside: LForms (National Library of Medicine) fills in forms, axe-core reads pages."""
