// How much CPU time a process has had (proc(5), /proc/PID/stat).
#pragma once

#include <sys/types.h>

#include "absl/time/time.h"

namespace quickbite::live {

// User and system time of all its threads, ended ones included; zero where there is no such process.
absl::Duration cpu_time(pid_t pid);

}  // namespace quickbite::live
