#include "adapters/yaml/settings_file.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace quickbite::yaml {
namespace {

absl::StatusOr<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof()) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is longer than ", kFileBytesMax, " bytes"));
  }
  return text;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  absl::StatusOr<std::vector<Entry>> entries(const std::string& text) const {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty() || documents[0].IsNull()) return std::vector<Entry>{};
    if (documents.size() > 1) return wrong(documents[1], "expected one document, and here begins another");
    if (!documents[0].IsMap()) return wrong(documents[0], "expected NAME: VALUE");
    std::vector<Entry> entries;
    std::set<std::string> names;
    for (const auto& each : documents[0]) {
      const YAML::Node& name = each.first;
      const YAML::Node& value = each.second;
      if (!name.IsScalar()) return wrong(name, "expected the name of a setting");
      if (value.IsNull()) return wrong(name, absl::StrCat(name.Scalar(), " has no value; an empty one is written as \"\""));
      absl::StatusOr<std::string> text_of = value_of(name.Scalar(), value);
      if (!text_of.ok()) return text_of.status();
      if (!names.insert(name.Scalar()).second) return wrong(name, absl::StrCat(name.Scalar(), " is given twice"));
      entries.push_back({name.Scalar(), *std::move(text_of), where(name)});
    }
    return entries;
  }

  std::string where(const YAML::Node& node) const { return where(node.Mark()); }
  std::string where(const YAML::Mark& mark) const {
    return mark.is_null() ? path_ : absl::StrCat(path_, ":", mark.line + 1, ":", mark.column + 1);
  }

 private:
  absl::Status wrong(const YAML::Node& node, const std::string& why) const {
    return absl::InvalidArgumentError(absl::StrCat(where(node), ": ", why));
  }

  absl::StatusOr<std::string> value_of(const std::string& name, const YAML::Node& value) const {
    if (value.IsScalar()) return value.Scalar();
    std::vector<std::string> parts;
    for (const auto& each : value) {  // an element of a list is in `each` itself, one of a mapping in its two halves
      const bool pair = value.IsMap();
      const YAML::Node& part = pair ? each.second : static_cast<const YAML::Node&>(each);
      if (!part.IsScalar() || (pair && !each.first.IsScalar())) {
        return wrong(part, absl::StrCat(name, " holds something that is no plain value"));
      }
      if (part.Scalar().find(',') != std::string::npos) {
        return wrong(part, absl::StrCat(name, " holds a value with a comma, which is what separates them"));
      }
      parts.push_back(pair ? absl::StrCat(each.first.Scalar(), "=", part.Scalar()) : part.Scalar());
    }
    return absl::StrJoin(parts, ",");
  }

  const std::string& path_;
};

}  // namespace

absl::StatusOr<std::vector<Entry>> read_settings(const std::string& path) {
  absl::StatusOr<std::string> text = read_file(path);
  if (!text.ok()) return text.status();
  const Reader reader(path);
  try {
    return reader.entries(*text);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(reader.where(error.mark), ": ", error.msg));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
}

}  // namespace quickbite::yaml
