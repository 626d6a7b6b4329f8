"""``python -m assistant`` is ``news-assistant``."""

from assistant.cli import main

if __name__ == "__main__":
    main()
