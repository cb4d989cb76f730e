#include "services/runtime/command_line.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <utility>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace quickbite::runtime {
namespace {

using Flags = std::map<std::string, absl::CommandLineFlag*>;  // by name

absl::string_view absl_view(std::string_view text) { return {text.data(), text.size()}; }

Flags flags_of(const Program& program) {
  Flags flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    const std::string file = flag->Filename();
    const bool ours = std::any_of(program.folders.begin(), program.folders.end(), [&](std::string_view folder) {
      return file.find(folder) != std::string::npos;
    });
    if (ours) flags.emplace(std::string(name), flag);
  }
  return flags;
}

std::string dashed(std::string_view flag) { return absl::StrReplaceAll(absl_view(flag), {{"_", "-"}}); }

const Rule* rule_of(const Program& program, std::string_view flag) {
  const auto at = std::find_if(program.rules.begin(), program.rules.end(), [&](const Rule& r) { return r.flag == flag; });
  return at == program.rules.end() ? nullptr : &*at;
}

std::string expected(const Program& program, std::string_view flag, const std::string& error) {
  const Rule* rule = rule_of(program, flag);
  if (rule != nullptr) return absl::StrCat("; expected ", absl_view(rule->expected));
  return error.empty() ? "" : absl::StrCat("; ", error);
}

int help(const Program& program, const Flags& flags) {
  std::string page = absl::StrCat(absl_view(program.usage), "\n\nFlags, each also an environment variable:\n");
  for (const auto& [name, flag] : flags) {
    const std::string usual = flag->DefaultValue();
    absl::StrAppend(&page, "\n  --", dashed(name), "  (", variable_of(name), "; default: ", usual.empty() ? "none" : usual,
                    ")\n      ", flag->Help(), "\n");
  }
  std::cout << page;
  return 0;
}

int refuse(const std::string& why) {
  std::cerr << why << "; --help lists the flags\n";
  return 2;
}

// The flag that "--name", "--no-name" or "--name=value" sets, and its value where the word holds one.
struct Word {
  absl::CommandLineFlag* flag = nullptr;
  std::optional<std::string> value;
};

Word read_word(std::string_view word, const Flags& flags) {
  const std::size_t equals = word.find('=');
  const std::string name = absl::StrReplaceAll(absl_view(word.substr(0, equals)), {{"-", "_"}});
  const auto find = [&](const std::string& wanted) {
    const auto at = flags.find(wanted);
    return at == flags.end() ? nullptr : at->second;
  };
  if (absl::CommandLineFlag* flag = find(name); flag != nullptr) {
    if (equals != std::string_view::npos) return {flag, std::string(word.substr(equals + 1))};
    return {flag, flag->IsOfType<bool>() ? std::optional<std::string>("true") : std::nullopt};
  }
  if (equals != std::string_view::npos || !absl::StartsWith(name, "no")) return {};
  absl::CommandLineFlag* flag = find(name.substr(name[2] == '_' ? 3 : 2));
  return flag != nullptr && flag->IsOfType<bool>() ? Word{flag, "false"} : Word{};
}

std::optional<int> set(const Program& program, absl::CommandLineFlag& flag, const std::string& key,
                       const std::string& value) {
  std::string error;
  if (flag.ParseFrom(value, &error)) return std::nullopt;
  return refuse(absl::StrCat(key, " cannot be '", value, "'", expected(program, std::string(flag.Name()), error)));
}

}  // namespace

std::string variable_of(std::string_view flag) {
  return absl::StrCat("QUICKBITE_", absl::AsciiStrToUpper(absl::StrReplaceAll(absl_view(flag), {{"-", "_"}})));
}

std::optional<int> parse_command_line(int argc, const char* const* argv, const Program& program,
                                      const std::function<const char*(const char*)>& environment) {
  const Flags flags = flags_of(program);
  std::map<std::string, std::string> source;  // by flag: what set it last, for whoever has to mend it
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (std::find(words.begin(), words.end(), "--help") != words.end()) return help(program, flags);
  if (std::find(words.begin(), words.end(), "--version") != words.end()) {
    std::cout << program.version << "\n";
    return 0;
  }
  for (const auto& [name, flag] : flags) {
    const std::string variable = variable_of(name);
    const char* value = environment(variable.c_str());
    if (value == nullptr || *value == '\0') continue;
    source[name] = variable;
    if (const auto code = set(program, *flag, variable, value)) return code;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!absl::StartsWith(words[i], "--")) return refuse(absl::StrCat("'", words[i], "' is no flag"));
    Word word = read_word(std::string_view(words[i]).substr(2), flags);
    if (word.flag == nullptr) return refuse(absl::StrCat("unknown flag ", words[i]));
    const std::string key = absl::StrCat("--", dashed(std::string(word.flag->Name())));
    if (!word.value && i + 1 < words.size()) word.value = words[++i];
    if (!word.value) return refuse(absl::StrCat(key, " needs a value", expected(program, std::string(word.flag->Name()), "")));
    source[std::string(word.flag->Name())] = key;
    if (const auto code = set(program, *word.flag, key, *word.value)) return code;
  }
  for (const Rule& rule : program.rules) {
    if (!rule.holds || rule.holds()) continue;
    const std::string name(rule.flag);
    const auto at = source.find(name);
    const absl::CommandLineFlag* flag = flags.at(name);
    if (at == source.end()) {
      return refuse(absl::StrCat("--", dashed(name), " (or ", variable_of(name), ") is needed; expected ",
                                 absl_view(rule.expected)));
    }
    return refuse(absl::StrCat(at->second, " cannot be '", flag->CurrentValue(), "'; expected ", absl_view(rule.expected)));
  }
  return std::nullopt;
}

}  // namespace quickbite::runtime
