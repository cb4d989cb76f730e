// What ThreadSanitizer is told before it begins, in every program of the preset `tsan`.
extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

// The first finding is enough to fail a test; the program goes on, so that a test can say where it was.
const char* __tsan_default_options() { return "history_size=5:second_deadlock_stack=1"; }

// Each line names whose defect it is, or why ThreadSanitizer cannot see that there is none.
const char* __tsan_default_suppressions() { return ""; }

}  // extern "C"
