// A fixed team of threads that runs one function on all of them at a time. The calling thread is member 0.
#pragma once

#include <cstdint>

#if !defined(__wasi__)
#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>
#endif

namespace flux {

#if defined(__wasi__)

// A WebAssembly module has one thread: a team of the caller alone, whatever size is asked for.
class ThreadTeam {
 public:
  explicit ThreadTeam(std::uint32_t) {}

  static std::uint32_t processors() { return 1; }
  std::uint32_t size() const { return 1; }
  template <class Task>
  void run(const Task& task) {
    task(0);
  }
};

#else

class ThreadTeam {
 public:
  explicit ThreadTeam(std::uint32_t size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  // Of this machine; at least 1.
  static std::uint32_t processors() { return std::max(1u, std::thread::hardware_concurrency()); }
  std::uint32_t size() const { return size_; }
  // Calls task(member) once for each member 0..size()-1, at the same time; returns when all are done.
  template <class Task>
  void run(const Task& task) {
    run_erased([](const void* context, std::uint32_t member) { (*static_cast<const Task*>(context))(member); }, &task);
  }

 private:
  using Function = void (*)(const void* context, std::uint32_t member);
  void run_erased(Function function, const void* context);
  void serve(std::uint32_t member);

  std::uint32_t size_;
  Function function_ = nullptr;
  const void* context_ = nullptr;
  std::atomic<std::uint32_t> round_{0};    // rises by one for each run; FLUX_STOP ends the threads
  std::atomic<std::uint32_t> working_{0};  // members other than 0 that have not finished this round
  std::vector<std::thread> threads_;
};

#endif

}  // namespace flux
