"""Walk-ins: name, birth date, telephone and reason, and somebody is on the board."""
