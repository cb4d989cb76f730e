// JsonText: the one JSON object that a command prints with --json, written from front to back.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace quickbite::cli {

class JsonText {
 public:
  JsonText() : writer_(out_) { writer_.StartObject(); }

  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, const char* value) { member(name, std::string_view(value)); }
  template <std::integral T>
  void member(std::string_view name, T value) {
    key(name);
    if constexpr (std::same_as<T, bool>)
      writer_.Bool(value);
    else if constexpr (std::signed_integral<T>)
      writer_.Int64(value);
    else
      writer_.Uint64(value);
  }
  void member(std::string_view name, double value) {
    key(name);
    if (!writer_.Double(value)) writer_.Null();  // no number, such as a rate over no time
  }

  void open_object(std::string_view name) {
    key(name);
    writer_.StartObject();
  }
  void open_object() { writer_.StartObject(); }  // in an array
  void close_object() { writer_.EndObject(); }
  void open_array(std::string_view name) {
    key(name);
    writer_.StartArray();
  }
  void close_array() { writer_.EndArray(); }
  void element(std::string_view value) { text(value); }  // of an array

  // Closes the object; the whole of it.
  std::string take() {
    writer_.EndObject();
    return out_.GetString();
  }

 private:
  void key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  void text(std::string_view value) {
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }

  rapidjson::StringBuffer out_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace quickbite::cli
