#include "proptests/architecture/tree.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "proptests/architecture/text.h"

namespace quickbite::architecture {
namespace {

bool is_left_out(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  if (name == "build" || name == "node_modules" || name == "__pycache__") return true;
  return name.starts_with('.') && name != ".ci" && name != ".github";
}

}  // namespace

std::vector<std::string> files_below(const std::string& root) {
  std::vector<std::string> files;
  auto walk = std::filesystem::recursive_directory_iterator(root);
  for (const auto& entry : walk) {
    if (entry.is_directory() && is_left_out(entry.path())) {
      walk.disable_recursion_pending();
    } else if (entry.is_regular_file()) {
      files.push_back(std::filesystem::relative(entry.path(), root).string());
    }
  }
  std::ranges::sort(files);
  return files;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_text(const std::string& text) {
  return text.find('\0') == text.npos;
}

std::vector<std::string> list_in(const std::string& path) {
  std::vector<std::string> list;
  const std::string text = read_file(path);
  for (const std::string_view line : lines_of(text)) {
    if (!line.empty()) list.emplace_back(line);
  }
  return list;
}

CommandResult run(const std::vector<std::string>& command) {
  CommandResult result;
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) return result;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int spawned =
      posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (spawned == 0) {
    std::array<char, 65536> buffer{};
    for (ssize_t size = 0; (size = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;) {
      result.output.append(buffer.data(), static_cast<std::size_t>(size));
    }
    int status = 0;
    waitpid(pid, &status, 0);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  close(pipe_ends[0]);
  return result;
}

}  // namespace quickbite::architecture
