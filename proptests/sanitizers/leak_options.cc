// What LeakSanitizer is told before it begins, in every program of the preset `asan`.
extern "C" {

const char* __lsan_default_suppressions();

const char* __lsan_default_suppressions() {
  return
      // libpqxx 6.4 asks for the encoding between getting a result and owning it, and throws there when the connection is lost: one
      // result of an error for each lost connection. No result is made anywhere but in libpqxx, which owns the others.
      "leak:PQmakeEmptyPGresult\n";
}

}  // extern "C"
