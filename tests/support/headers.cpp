// Holds nothing: the headers that all tests have parsed once belong to its target.
