"""Articles by address: fetched from the public internet only, within limits, politely, and only when asked to."""

from assistant.fetch.add import add_addresses, refresh_addresses
from assistant.fetch.addresses import is_address
from assistant.fetch.memory import forget_feeds

__all__ = ["add_addresses", "forget_feeds", "is_address", "refresh_addresses"]
