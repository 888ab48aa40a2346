curl --silent --show-error --fail-with-body https://check.example.org/api/v1/check \
    --json '{"domain": "example.com", "operator": "careful"}'
