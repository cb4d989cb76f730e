// The files of deploy/observability, and which metrics they ask for.
#pragma once

#include <set>
#include <string>

namespace quickbite {

std::string read_whole(const std::string& path);  // a failure of the test where it cannot be read
std::string observability_file(const std::string& name);
std::string section_of_operations(const std::string& title);  // of docs/operations.md, from its "## title" to the next

// Every metric of ours that a text names: quickbite_… and process_….
std::set<std::string> metrics_named_in(const std::string& text);

}  // namespace quickbite
