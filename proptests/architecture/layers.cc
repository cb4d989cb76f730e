#include "proptests/architecture/layers.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "proptests/architecture/text.h"

namespace quickbite::architecture {
namespace {

struct Layer {
  std::string_view folder;
  std::vector<std::string_view> knows;  // path prefixes, besides its own folder
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table = {
      {"domain/base", {}},
      {"domain/message", {"domain/base/"}},
      {"domain/order", {"domain/base/", "domain/message/"}},
      {"domain/inventory", {"domain/base/", "domain/message/"}},
      {"domain/port", {"domain/base/", "domain/message/", "domain/order/", "domain/inventory/"}},
      {"domain/api",
       {"domain/base/", "domain/message/", "domain/order/", "domain/inventory/", "domain/port/"}},
      {"domain/machine",
       {"domain/base/", "domain/message/", "domain/order/", "domain/inventory/", "domain/port/",
        "domain/api/"}},
      {"domain/property",
       {"domain/base/", "domain/message/", "domain/order/", "domain/inventory/", "domain/port/"}},
      {"sim/kernel", {"domain/base/"}},
      {"sim/fault", {"domain/", "sim/kernel/"}},
      {"sim/plan", {"domain/", "sim/kernel/", "sim/fault/"}},
      {"sim/model", {"domain/", "sim/kernel/", "sim/fault/"}},
      {"sim/world", {"domain/", "sim/"}},
      {"sim/shrink", {"domain/", "sim/"}},
      {"adapters/*", {"domain/"}},
      {"services/runtime", {"domain/", "adapters/"}},
      {"services/orders", {"domain/", "adapters/", "services/runtime/"}},
      {"services/inventory", {"domain/", "adapters/", "services/runtime/"}},
      {"services/broker", {"domain/", "adapters/", "services/runtime/"}},
      {"services/audit", {"domain/", "adapters/", "services/runtime/"}},
      {"services/app", {"domain/"}},
      {"services/live", {"domain/", "sim/", "adapters/", "services/"}},
      {"services/cli", {"domain/", "sim/", "adapters/", "services/"}},
      {"proptests/*", {"domain/", "sim/", "adapters/", "services/", "proptests/"}},
  };
  return table;
}

std::string_view two_components(std::string_view path) {
  const auto first = path.find('/');
  if (first == path.npos) return {};
  const auto second = path.find('/', first + 1);
  return second == path.npos ? std::string_view{} : path.substr(0, second);
}

const Layer* find_layer(std::string_view path) {
  const std::string_view folder = two_components(path);
  const std::string_view top = top_of(path);
  for (const Layer& layer : layers()) {
    const bool any = layer.folder.ends_with("/*");
    if (any ? !folder.empty() && layer.folder.substr(0, layer.folder.size() - 2) == top
            : layer.folder == folder) {
      return &layer;
    }
  }
  return nullptr;
}

// Other people's headers that their own manuals write in quotation marks.
bool is_of_a_library(std::string_view included) {
  constexpr std::array kLibraries = {"absl",      "gtest", "gmock",      "rapidcheck",
                                     "rapidjson", "pqxx",  "librdkafka", "pistache",
                                     "spdlog",    "fmt",   "benchmark"};
  return std::ranges::find(kLibraries, top_of(included)) != kLibraries.end();
}

}  // namespace

bool is_ours(std::string_view included) {
  constexpr std::array kTops = {"domain", "sim", "adapters", "services", "proptests"};
  return std::ranges::find(kTops, top_of(included)) != kTops.end();
}

std::string_view layer_of(std::string_view path) {
  return find_layer(path) == nullptr ? std::string_view{} : two_components(path);
}

bool may_know(std::string_view path, std::string_view other) {
  const Layer* layer = find_layer(path);
  if (layer == nullptr || layer_of(other).empty()) return false;
  if (layer_of(path) == layer_of(other)) return true;
  if (is_test(path) && top_of(path) == top_of(other)) return true;
  return std::ranges::any_of(layer->knows,
                             [&](std::string_view prefix) { return other.starts_with(prefix); });
}

Findings include_findings(std::string_view path, std::string_view text) {
  if (layer_of(path).empty()) return {{std::string(path), 0, "stands in no layer of layers.cc"}};
  Findings findings;
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const auto included = included_by(line);
    if (!included) continue;
    if (!is_ours(included->path)) {
      if (included->quoted && !is_of_a_library(included->path)) {
        findings.push_back({std::string(path), number,
                            "includes \"" + std::string(included->path) +
                                "\", which is not written from the root of the repository"});
      }
    } else if (!may_know(path, included->path)) {
      findings.push_back({std::string(path), number,
                          "includes " + std::string(included->path) + ", which " +
                              std::string(layer_of(path)) + " may not know"});
    }
  }
  return findings;
}

Findings link_findings(std::string_view targets) {
  std::map<std::string, std::string, std::less<>> folders;
  for (const std::string_view line : lines_of(targets)) {
    const auto words = words_of(line);
    if (words.size() >= 2) folders[std::string(words[1])] = std::string(words[0]);
  }
  Findings findings;
  for (const std::string_view line : lines_of(targets)) {
    const auto words = words_of(line);
    if (words.size() < 2) continue;
    const std::string folder = std::string(words[0]) + "/CMakeLists.txt";
    for (const std::string_view dependency : std::span(words).subspan(2)) {
      const auto known = folders.find(dependency);
      if (known == folders.end() || may_know(folder, known->second + "/CMakeLists.txt")) continue;
      findings.push_back({folder, 0,
                          std::string(words[1]) + " links " + std::string(dependency) + " of " +
                              known->second + ", which " + std::string(words[0]) +
                              " may not know"});
    }
  }
  return findings;
}

}  // namespace quickbite::architecture
