#include "base/thread_team.h"

#if !defined(__wasi__)

namespace flux {

namespace {

constexpr std::uint32_t FLUX_STOP = ~0u;
constexpr int FLUX_SPINS = 4000;  // about a tick's serial part; longer waits go to sleep

// Waits until `value` is no longer `old`, awake at first because the next round mostly follows within microseconds.
std::uint32_t wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int i = 0; i < FLUX_SPINS; ++i) {
    const std::uint32_t now = value.load(std::memory_order_acquire);
    if (now != old) return now;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

}  // namespace

ThreadTeam::ThreadTeam(std::uint32_t size) : size_(size) {
  for (std::uint32_t member = 1; member < size; ++member) threads_.emplace_back([this, member] { serve(member); });
}

ThreadTeam::~ThreadTeam() {
  round_.store(FLUX_STOP, std::memory_order_release);
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run_erased(Function function, const void* context) {
  if (size_ == 1) return function(context, 0);
  function_ = function;
  context_ = context;
  working_.store(size_ - 1, std::memory_order_relaxed);
  round_.store((round_.load(std::memory_order_relaxed) + 1) % FLUX_STOP, std::memory_order_release);
  round_.notify_all();
  function(context, 0);
  for (std::uint32_t left = working_.load(std::memory_order_acquire); left != 0;) left = wait_while(working_, left);
}

void ThreadTeam::serve(std::uint32_t member) {
  std::uint32_t round = 0;
  while (true) {
    round = wait_while(round_, round);
    if (round == FLUX_STOP) return;
    function_(context_, member);
    if (working_.fetch_sub(1, std::memory_order_acq_rel) == 1) working_.notify_one();
  }
}

}  // namespace flux

#endif
