// What a sanitizer has written into the logs of the programs that a test has run: in a build without one, nothing.
#pragma once

#include <string>

namespace quickbite {

// Every line of a *.log in that folder that names a sanitizer's finding, with its file; "" where there is none.
std::string sanitizer_reports(const std::string& folder);

}  // namespace quickbite
