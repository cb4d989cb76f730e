// What FlatMap and Table are both held to: they do what std::map does.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <rapidcheck.h>

namespace quickbite {

using MapOperations = std::vector<std::tuple<int, int, std::string>>;

template <class Map>
void does_what_an_ordered_map_does(const MapOperations& operations) {
  Map map;
  std::map<int, std::string> model;
  for (const auto& [what, wide_key, value] : operations) {
    const int key = wide_key % 8;  // so that keys meet again
    switch (what % 3) {
      case 0:
        RC_ASSERT(map.insert(key, value) == model.insert({key, value}).second);
        break;
      case 1:
        RC_ASSERT(map.erase(key) == (model.erase(key) == 1));
        break;
      default:
        map[key] = value;
        model[key] = value;
    }
    using Entries = std::vector<std::pair<int, std::string>>;
    RC_ASSERT(map.contains(key) == model.contains(key));
    RC_ASSERT(Entries(map.begin(), map.end()) == Entries(model.begin(), model.end()));
  }
}

}  // namespace quickbite
