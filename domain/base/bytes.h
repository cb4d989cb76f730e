// Bytes: an immutable byte string that is encoded once and shared by everything that carries it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "domain/base/hash.h"

namespace quickbite {

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string text) : content_(std::make_shared<const Content>(std::move(text))) {}

  std::string_view view() const { return content_ ? std::string_view(content_->text) : std::string_view(); }
  bool empty() const { return view().empty(); }

  // A hash of the content, computed once when the bytes are made.
  std::uint64_t hash() const { return content_ ? content_->hash : hash_of({}); }

  // True when both are the same bytes in memory; a cheap yes before a comparison.
  bool same(const Bytes& other) const { return content_ == other.content_; }

  friend bool operator==(const Bytes& a, const Bytes& b) {
    return a.same(b) || (a.hash() == b.hash() && a.view() == b.view());
  }

 private:
  struct Content {
    explicit Content(std::string t) : text(std::move(t)), hash(hash_of(text)) {}
    std::string text;
    std::uint64_t hash;
  };
  std::shared_ptr<const Content> content_;
};

}  // namespace quickbite
