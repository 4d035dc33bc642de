// Clocks, medians and memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace flux::bench {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

double median(std::vector<double> values);  // of at least one
double peak_megabytes();                    // of this process so far

}  // namespace flux::bench
