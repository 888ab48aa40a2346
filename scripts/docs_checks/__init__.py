"""What ``scripts/check_docs`` looks at: one module per check, over the read pages."""
