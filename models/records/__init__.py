"""What every record is made of: frozen fields with readers, countries, dates of validity, and the words of messages."""
