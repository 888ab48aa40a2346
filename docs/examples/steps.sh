curl --silent --show-error --fail-with-body --no-buffer https://check.example.org/api/v1/check \
    --header 'Accept: text/event-stream' --json '{"domain": "example.com"}'
