"""What a certificate is and what is wrong with it; DANE. Pure readings of what was shown."""
