#include "services/live/json.h"

#include <rapidjson/document.h>

namespace quickbite::live {

std::string json_member(std::string_view object, std::string_view name) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(object.data(), object.size());
  if (document.HasParseError() || !document.IsObject()) return "";
  const auto key = rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  const rapidjson::Value& members = document;  // of one that may change, clang finds the iterators' == ambiguous in C++20
  const auto at = members.FindMember(rapidjson::Value(key));
  if (at == members.MemberEnd()) return "";
  const rapidjson::Value& value = at->value;
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return "";
}

}  // namespace quickbite::live
