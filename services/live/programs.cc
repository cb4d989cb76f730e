#include "services/live/programs.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

absl::StatusOr<std::string> find_program(std::string_view name) {
  const fs::path here = own_folder() / name;
  const fs::path beside = own_folder().parent_path() / "bin" / name;
  for (const fs::path& path : {here, beside}) {
    if (::access(path.c_str(), X_OK) == 0) return path.string();
  }
  return absl::NotFoundError(absl::StrCat("there is neither ", here.string(), " nor ",
                                          beside.string(), ": build the target `programs`"));
}

std::string build_folder() { return own_folder().parent_path().string(); }

}  // namespace quickbite::live
