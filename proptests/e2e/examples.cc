#include "proptests/e2e/examples.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <regex>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace quickbite {
namespace {

constexpr std::string_view kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr std::string_view kInstant = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z";
constexpr std::string_view kAnything = "…";

// Numbers that nobody knows before: where the broker puts a record, and whether Inventory has heard of a change already.
const std::set<std::string, std::less<>>& unknowable() {
  static const std::set<std::string, std::less<>> names = {"partition", "offset", "available"};
  return names;
}

struct Answer {
  std::string status;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines = absl::StrSplit(std::string(text), '\n');
  for (std::string& line : lines) {
    if (absl::EndsWith(line, "\r")) line.pop_back();
  }
  return lines;
}

Answer parsed(std::string_view text) {
  Answer answer;
  const std::vector<std::string> lines = lines_of(text);
  if (lines[0].starts_with("HTTP/1.1 ")) answer.status = lines[0].substr(9, 3);
  std::size_t i = 1;
  for (; i < lines.size() && !lines[i].empty(); ++i) {
    const std::size_t colon = lines[i].find(": ");
    if (colon != std::string::npos) answer.headers.emplace_back(absl::AsciiStrToLower(lines[i].substr(0, colon)), lines[i].substr(colon + 2));
  }
  for (++i; i < lines.size(); ++i) answer.body += lines[i] + "\n";
  return answer;
}

std::string quoted(std::string_view text) {
  static const std::regex special(R"([.^$|()\[\]{}*+?\\])");
  return std::regex_replace(std::string(text), special, "\\$&");
}

std::string json(std::string_view text) { return std::string(absl::StripAsciiWhitespace(std::string(text))); }

}  // namespace

std::vector<Example> examples_of(std::string_view document) {
  std::vector<Example> examples;
  bool inside = false;
  bool goes_on = false;
  int number = 0;
  for (const std::string& line : lines_of(document)) {
    ++number;
    if (line.starts_with("```")) {
      inside = line == "```console";
      goes_on = false;
    } else if (inside && goes_on) {
      examples.back().command.back() = ' ';
      absl::StrAppend(&examples.back().command, line);
      goes_on = line.ends_with('\\');
    } else if (inside && line.starts_with("$ ")) {
      examples.push_back({line.substr(2), "", number});
      goes_on = line.ends_with('\\');
    } else if (inside && !examples.empty()) {
      absl::StrAppend(&examples.back().answer, line, "\n");
    }
  }
  return examples;
}

std::string Likeness::real(std::string_view shown) const {
  std::string text(shown);
  for (const auto& [document, system] : ids_) {
    for (std::size_t at = 0; (at = text.find(document, at)) != std::string::npos; at += system.size()) text.replace(at, document.size(), system);
  }
  return text;
}

// As a pattern: ids and instants for what they stand for, all else for itself.
bool Likeness::is_like(std::string_view shown, std::string_view got) {
  static const std::regex special(absl::StrCat("(", std::string(kUuid), ")|(", std::string(kInstant), ")|", std::string(kAnything)));
  std::string pattern;
  std::vector<std::string> unknown;
  const std::string text(shown);
  std::size_t end = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), special), none; at != none; ++at) {
    pattern += quoted(std::string_view(text).substr(end, static_cast<std::size_t>(at->position()) - end));
    end = static_cast<std::size_t>(at->position() + at->length());
    if ((*at)[1].matched) {
      const auto known = ids_.find((*at)[1].str());
      absl::StrAppend(&pattern, known != ids_.end() ? known->second : absl::StrCat("(", std::string(kUuid), ")"));
      if (known == ids_.end()) unknown.push_back((*at)[1].str());
    } else {
      absl::StrAppend(&pattern, (*at)[2].matched ? std::string(kInstant) : ".*");
    }
  }
  pattern += quoted(std::string_view(text).substr(end));
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_match(got.begin(), got.end(), found, std::regex(pattern))) return false;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const std::string id = found[i + 1].str();
    const bool taken = std::any_of(ids_.begin(), ids_.end(), [&](const auto& known) { return known.second == id && known.first != unknown[i]; });
    if (taken) return false;
    if (ids_.emplace(unknown[i], id).first->second != id) return false;
  }
  return true;
}

// Through two JSON values at once.
class Walk {
 public:
  explicit Walk(Likeness& likeness) : likeness_(likeness) {}

  std::string difference(const std::string& path, const rapidjson::Value& shown, const rapidjson::Value& got) {
    if (shown.GetType() != got.GetType()) return path + " is of another kind";
    if (shown.IsObject()) return of_objects(path, shown, got);
    if (shown.IsArray()) return of_arrays(path, shown, got);
    if (shown.IsString() && !likeness_.is_like(shown.GetString(), got.GetString())) {
      return absl::StrCat(path, " is '", got.GetString(), "', not '", shown.GetString(), "'");
    }
    const std::string name = path.substr(path.rfind('.') + 1);
    if (shown.IsNumber() && !unknowable().contains(name) && shown != got) return path + " is another number";
    return "";
  }

 private:
  std::string of_objects(const std::string& path, const rapidjson::Value& shown, const rapidjson::Value& got) {
    const auto names = [](const rapidjson::Value& object) {
      std::string all;
      for (const auto& member : object.GetObject()) absl::StrAppend(&all, member.name.GetString(), " ");
      return all;
    };
    if (names(shown) != names(got)) return absl::StrCat(path, " has the members ", names(got), "and not ", names(shown));
    for (const auto& member : shown.GetObject()) {
      const std::string name = member.name.GetString();
      const std::string found = difference(path + "." + name, member.value, got[name.c_str()]);
      if (!found.empty()) return found;
    }
    return "";
  }

  std::string of_arrays(const std::string& path, const rapidjson::Value& shown, const rapidjson::Value& got) {
    if (shown.Size() != got.Size()) return absl::StrCat(path, " has ", got.Size(), " elements, not ", shown.Size());
    for (rapidjson::SizeType i = 0; i < shown.Size(); ++i) {
      const std::string found = difference(absl::StrCat(path, "[", i, "]"), shown[i], got[i]);
      if (!found.empty()) return found;
    }
    return "";
  }

  Likeness& likeness_;
};

std::string Likeness::difference(std::string_view shown, std::string_view got) {
  const Answer expected = parsed(shown);
  const Answer found = parsed(got);
  if (expected.status.empty()) return "the document shows no status line";
  if (expected.status != found.status) return absl::StrCat("the status is '", found.status, "', not ", expected.status);
  for (const auto& [name, value] : expected.headers) {
    const bool there = std::any_of(found.headers.begin(), found.headers.end(), [&, &name = name, &value = value](const auto& header) {
      return header.first == name && is_like(value, header.second);
    });
    if (!there) return absl::StrCat("no header is '", name, ": ", value, "'");
  }
  if (json(expected.body).empty()) return json(found.body).empty() ? "" : "there is a body";
  rapidjson::Document document;
  rapidjson::Document answer;
  if (document.Parse(expected.body.c_str()).HasParseError()) return "the document's body is no JSON";
  if (answer.Parse(found.body.c_str()).HasParseError()) return "the body is no JSON";
  return Walk(*this).difference("body", document, answer);
}

}  // namespace quickbite
