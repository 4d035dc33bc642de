// How the shell gives up: a Failure carries the one message a person reads; main prints it and turns it into an exit status.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.h"
#include "text.h"

namespace flux::cli {

enum ExitStatus : int {
  exit_fine = 0,
  exit_failed = 1,  // the input or the run failed
  exit_usage = 2,   // the command line was not understood
};

class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& message) : std::runtime_error(printable(message)) {}
  explicit Failure(const Error& error) : Failure(error.message()) {}
};

template <class T>
T value_or_fail(Result<T> result) {
  if (!result.ok()) throw Failure(result.error());
  return std::move(result).value();
}

inline void ok_or_fail(const Status& status) {
  if (!status.ok()) throw Failure(status.error());
}

}  // namespace flux::cli
