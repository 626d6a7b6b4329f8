"""Help for the tests of reading: a story, and what one source gives."""

from assistant.corpus import read_documents
from assistant.errors import DocumentError

BODY = "The ferry to Lindholm sank on Tuesday evening after a storm. All were saved, the coast guard said on Wednesday."


def one(name, data):
    found = list(read_documents(name, data))
    assert len(found) == 1
    return found[0]


def refused(name, data):
    error = one(name, data)
    assert isinstance(error, DocumentError), error
    assert name in str(error)
    assert "Traceback" not in str(error)
    return str(error)
