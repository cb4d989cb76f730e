// A sample of what the pure libraries may hold: constants, also such as the loader has to place.
#include <string>

namespace quickbite::architecture::samples {

extern const char* const kNames[2];
const char* const kNames[2] = {"one", "two"};

struct Shape {
  virtual ~Shape() = default;
  virtual std::string name() const { return kNames[0]; }
};
Shape make_shape() {
  return {};
}

}  // namespace quickbite::architecture::samples
