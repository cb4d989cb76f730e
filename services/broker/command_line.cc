#include "services/broker/command_line.h"

#include <iostream>
#include <map>
#include <optional>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace quickbite::broker {
namespace {

std::string help(const ProgramText& text) {
  std::map<std::string, absl::CommandLineFlag*> flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (flag->Filename() == absl::string_view(text.file.data(), text.file.size()))
      flags.emplace(name, flag);
  }
  std::string page = absl::StrCat(std::string(text.usage), "\n\nFlags:\n");
  for (const auto& [name, flag] : flags) {
    absl::StrAppend(&page, "  --", absl::StrReplaceAll(name, {{"_", "-"}}), "  ", flag->Help(),
                    " (default: ", flag->DefaultValue().empty() ? "none" : flag->DefaultValue(),
                    ")\n");
  }
  return page;
}

struct Setting {
  absl::CommandLineFlag* flag;
  std::optional<std::string> value;
};

// "name=value", "name" or "noname", with '-' or '_' between words.
std::optional<Setting> find_flag(std::string_view word) {
  const std::size_t equals = word.find('=');
  const std::string name = absl::StrReplaceAll(std::string(word.substr(0, equals)), {{"-", "_"}});
  if (absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name); flag != nullptr) {
    if (equals != std::string_view::npos)
      return Setting{flag, std::string(word.substr(equals + 1))};
    if (flag->IsOfType<bool>()) return Setting{flag, "true"};
    return Setting{flag, std::nullopt};
  }
  if (equals == std::string_view::npos && absl::StartsWith(name, "no")) {
    absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name.substr(2));
    if (flag != nullptr && flag->IsOfType<bool>()) return Setting{flag, "false"};
  }
  return std::nullopt;
}

Exit refuse(std::string_view why) {
  std::cerr << why << "; --help lists the flags\n";
  return Exit{2};
}

}  // namespace

std::variant<std::vector<std::string>, Exit> parse_command_line(int argc, char** argv,
                                                                const ProgramText& text) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") {
      words.insert(words.end(), argv + i + 1, argv + argc);
      break;
    }
    if (!absl::StartsWith(word, "--")) {
      words.push_back(word);
      continue;
    }
    if (word == "--help") {
      std::cout << help(text);
      return Exit{0};
    }
    if (word == "--version") {
      std::cout << text.version << "\n";
      return Exit{0};
    }
    std::optional<Setting> setting = find_flag(word.substr(2));
    if (!setting) return refuse(absl::StrCat("unknown flag ", word));
    if (!setting->value && i + 1 < argc) setting->value = argv[++i];
    if (!setting->value) return refuse(absl::StrCat(word, " needs a value"));
    std::string error;
    if (!setting->flag->ParseFrom(*setting->value, &error)) {
      return refuse(absl::StrCat("--", setting->flag->Name(), " cannot be '", *setting->value, "'",
                                 error.empty() ? "" : ": ", error));
    }
  }
  return words;
}

}  // namespace quickbite::broker
