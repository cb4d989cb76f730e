#include "services/runtime/command_line.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <utility>
#include <variant>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "adapters/yaml/settings_file.h"

ABSL_FLAG(std::string, config, "", "a YAML file of settings, each under its flag's name: http-port: 8080");
ABSL_FLAG(bool, print_config, false, "print every setting as such a file, secrets masked, each with what it is from, and end");

namespace quickbite::runtime {
namespace {

constexpr absl::string_view kConfig = "config";
constexpr absl::string_view kPrintConfig = "print_config";

using Flags = std::map<std::string, absl::CommandLineFlag*>;  // by name

absl::string_view absl_view(std::string_view text) { return {text.data(), text.size()}; }

Flags flags_of(const Program& program) {
  Flags flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    const std::string file = flag->Filename();
    const bool ours = name == kConfig || name == kPrintConfig || std::any_of(program.folders.begin(), program.folders.end(), [&](std::string_view folder) {
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
  std::string page = absl::StrCat(absl_view(program.usage), "\n\nFlags, each also an environment variable, and a key of the file that --config names; the first of the three that is given "
                                  "counts:\n");
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

std::string shown(const Program& program, std::string_view flag, const std::string& value) {
  const Rule* rule = rule_of(program, flag);
  return rule != nullptr && rule->shown ? rule->shown(value) : value;
}

// What one of the sources says: a flag, a value, and the key that whoever has to mend it looks for.
struct Given {
  absl::CommandLineFlag* flag;
  std::string value;
  std::string key;  // "--http-port", "QUICKBITE_HTTP_PORT", "orders.yaml:3:1: http-port"
};
using Source = std::variant<std::vector<Given>, int>;  // or the code to leave with

Source of_environment(const Flags& flags, const std::function<const char*(const char*)>& environment) {
  std::vector<Given> all;
  for (const auto& [name, flag] : flags) {
    const std::string variable = variable_of(name);
    const char* value = environment(variable.c_str());
    if (value != nullptr && *value != '\0') all.push_back({flag, value, variable});
  }
  return all;
}

Source of_words(const Program& program, const Flags& flags, const std::vector<std::string>& words) {
  std::vector<Given> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!absl::StartsWith(words[i], "--")) return refuse(absl::StrCat("'", words[i], "' is no flag"));
    Word word = read_word(std::string_view(words[i]).substr(2), flags);
    if (word.flag == nullptr) return refuse(absl::StrCat("unknown flag ", words[i]));
    const std::string name(word.flag->Name());
    const std::string key = absl::StrCat("--", dashed(name));
    if (!word.value && i + 1 < words.size()) word.value = words[++i];
    if (!word.value) return refuse(absl::StrCat(key, " needs a value", expected(program, name, "")));
    all.push_back({word.flag, *word.value, key});
  }
  return all;
}

// Of the file that the words name, else the environment.
Source of_file(const Flags& flags, const std::vector<Given>& environment, const std::vector<Given>& words) {
  const Given* named = nullptr;
  for (const std::vector<Given>* source : {&environment, &words}) {
    for (const Given& given : *source) {
      if (given.flag->Name() == kConfig) named = &given;
    }
  }
  std::vector<Given> all;
  if (named == nullptr || named->value.empty()) return all;
  const auto entries = yaml::read_settings(named->value);
  if (!entries.ok()) {
    return refuse(absl::StrCat(named->key, ": ", absl::string_view(entries.status().message())));
  }
  for (const yaml::Entry& entry : *entries) {
    const auto at = flags.find(absl::StrReplaceAll(entry.name, {{"-", "_"}}));
    if (at == flags.end() || at->first == kConfig || at->first == kPrintConfig) {
      return refuse(absl::StrCat(entry.where, ": unknown setting ", entry.name));
    }
    all.push_back({at->second, entry.value, absl::StrCat(entry.where, ": ", entry.name)});
  }
  return all;
}

std::optional<int> set(const Program& program, const Given& given) {
  std::string error;
  if (given.flag->ParseFrom(given.value, &error)) return std::nullopt;
  const std::string name(given.flag->Name());
  return refuse(absl::StrCat(given.key, " cannot be '", shown(program, name, given.value), "'", expected(program, name, error)));
}

using Keys = std::map<std::string, std::string>;  // by flag: the key that set it

std::optional<int> check(const Program& program, const Flags& flags, const Keys& keys) {
  for (const Rule& rule : program.rules) {
    if (!rule.holds || rule.holds()) continue;
    const std::string name(rule.flag);
    const auto at = keys.find(name);
    if (at == keys.end()) {
      return refuse(absl::StrCat("--", dashed(name), " (or ", variable_of(name), ") is needed; expected ",
                                 absl_view(rule.expected)));
    }
    const std::string value = shown(program, name, flags.at(name)->CurrentValue());
    return refuse(absl::StrCat(at->second, " cannot be '", value, "'; expected ", absl_view(rule.expected)));
  }
  return std::nullopt;
}

// A YAML string in double quotes (YAML 1.2.2 section 7.3.1) where a plain one would not do.
std::string yaml_value(const absl::CommandLineFlag& flag, const std::string& value) {
  if (!flag.IsOfType<std::string>()) return value;
  return absl::StrCat("\"", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}, {"\t", "\\t"}}), "\"");
}

void print_config(const Program& program, const Flags& flags, const Keys& keys) {
  std::string page = absl::StrCat("# ", absl_view(program.version), ": every setting, and what it is from. Secrets are masked.\n");
  for (const auto& [name, flag] : flags) {
    if (name == kConfig || name == kPrintConfig) continue;
    const auto at = keys.find(name);
    absl::StrAppend(&page, dashed(name), ": ", yaml_value(*flag, shown(program, name, flag->CurrentValue())), "  # ",
                    at == keys.end() ? "default" : at->second, "\n");
  }
  std::cout << page;
}

}  // namespace

std::string variable_of(std::string_view flag) {
  return absl::StrCat("QUICKBITE_", absl::AsciiStrToUpper(absl::StrReplaceAll(absl_view(flag), {{"-", "_"}})));
}

std::optional<int> parse_command_line(int argc, const char* const* argv, const Program& program,
                                      const std::function<const char*(const char*)>& environment) {
  const Flags flags = flags_of(program);
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (std::find(words.begin(), words.end(), "--help") != words.end()) return help(program, flags);
  if (std::find(words.begin(), words.end(), "--version") != words.end()) {
    std::cout << program.version << "\n";
    return 0;
  }
  const Source given = of_words(program, flags, words);
  if (const int* code = std::get_if<int>(&given)) return *code;
  const Source around = of_environment(flags, environment);
  const Source written =
      of_file(flags, std::get<std::vector<Given>>(around), std::get<std::vector<Given>>(given));
  if (const int* code = std::get_if<int>(&written)) return *code;

  Keys keys;
  for (const Source* source : {&written, &around, &given}) {  // each wins over what stands before it
    for (const Given& each : std::get<std::vector<Given>>(*source)) {
      if (const auto code = set(program, each)) return code;
      keys[std::string(each.flag->Name())] = each.key;
    }
  }
  const bool print = absl::GetFlag(FLAGS_print_config);
  if (print) print_config(program, flags, keys);
  if (const auto code = check(program, flags, keys)) return code;
  return print ? std::optional(0) : std::nullopt;
}

}  // namespace quickbite::runtime
