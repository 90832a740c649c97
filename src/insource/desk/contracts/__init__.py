"""The contract book: what is paid for and to whom, read from services, reviews and deaths in a council's records."""

from insource.desk.contracts.book import Book, open_book
from insource.desk.contracts.tool import contract_book, open_register

__all__ = ["Book", "contract_book", "open_book", "open_register"]
