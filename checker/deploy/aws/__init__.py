"""The function on AWS Lambda."""
