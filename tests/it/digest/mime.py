"""Reads a mail with Python's email package and says what parts it has."""
import email
import email.policy
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
assert not message.defects, message.defects
for part in message.walk():
    kind = part["content-type"]
    said = [part.get_content_type()]
    said += [f"{key}={part.get_param(key)}" for key in ("method", "charset") if part.get_param(key)]
    said += [part.get_filename()] if part.get_filename() else []
    said += [part.get_content_disposition()] if part.get_content_disposition() else []
    print(*said)
