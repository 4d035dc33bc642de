// What the webgpu core asks of a GPU: buffers, pipelines, commands recorded and submitted together, asynchronous reading. Two thin
// implementations: Dawn's C API (dawn_device.h), and the browser's WebGPU through imports of the WebAssembly module.
//
// Nothing here blocks but the making of a device. Errors of a GPU come late and from anywhere, so calls return nothing: status() tells
// whether all went well up to now, and stays bad once it did not.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux::webgpu {

// Handles count from 1; 0 is none.
using BufferId = std::uint32_t;
using PipelineId = std::uint32_t;
using GroupId = std::uint32_t;
using ReadId = std::uint32_t;

enum class AdapterKind : std::uint8_t { discrete, integrated, software, unknown };

struct DeviceInfo {
  std::string name;            // "NVIDIA H100 80GB HBM3"
  std::string vendor, driver;  // as the adapter tells them; may be empty
  std::string backend;         // "Vulkan", "Metal", "browser", ...
  AdapterKind kind = AdapterKind::unknown;
  std::uint64_t buffer_bytes = 0;   // largest buffer
  std::uint64_t binding_bytes = 0;  // largest part of one that a kernel can be given
  std::uint64_t memory_bytes = 0;   // of the device; 0: it does not tell
  std::uint32_t workgroup_threads = 0;
  std::uint32_t storage_buffers = 0;  // that one kernel can be given
  bool timestamps = false;
};

// How a kernel uses one of its buffers; bindings are numbered from 0 in the order of the list.
enum class Access : std::uint8_t {
  uniform,       // constants of the network
  tick_uniform,  // constants of a tick: dispatch() says which
  read,          // storage
  read_write,    // storage
};

// Constants of successive ticks stand this many bytes apart: every adapter's alignment of dynamic offsets divides it.
inline constexpr std::uint32_t FLUX_UNIFORM_STRIDE = 256;

class Device {
 public:
  virtual ~Device() = default;
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  virtual const DeviceInfo& info() const = 0;
  virtual Status status() = 0;
  // By which whoever shares the device with the engine knows it; 0: nobody can.
  virtual std::uint32_t number() const { return 0; }

  // --- Resources: zeroed buffers for storage and copies (`uniform`: for constants instead of storage). Destroying is safe while commands
  // that use a resource are under way.
  virtual BufferId create_buffer(std::uint64_t bytes, bool uniform = false) = 0;
  virtual void destroy_buffer(BufferId buffer) = 0;
  virtual PipelineId create_pipeline(std::string_view name, const std::string& wgsl, std::span<const Access> bindings) = 0;  // entry: main
  virtual void destroy_pipeline(PipelineId pipeline) = 0;
  virtual GroupId create_group(PipelineId pipeline, std::span<const BufferId> buffers) = 0;
  virtual void destroy_group(GroupId group) = 0;

  // Takes effect before commands recorded later, and after commands submitted before.
  virtual void write(BufferId buffer, std::uint64_t offset, std::span<const std::byte> bytes) = 0;

  // --- Commands: recorded in order until submit()
  // `tick`: which element of the tick_uniform buffer the kernel sees.
  virtual void dispatch(PipelineId pipeline, GroupId group, std::uint32_t tick, std::uint32_t workgroups) = 0;
  virtual void copy(BufferId from, std::uint64_t from_offset, BufferId to, std::uint64_t to_offset, std::uint64_t bytes) = 0;
  virtual void clear(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) = 0;
  // The bytes as they are at this point of the commands; take() has them later.
  virtual ReadId read(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) = 0;
  virtual void submit() = 0;

  // --- What comes back
  virtual void poll() = 0;
  // Natively: until all that was handed over is done, so that its errors are known. The browser cannot wait: what is known by now.
  virtual Status wait() = 0;
  // The bytes of a read, once: true when they are there and were handed over. False: poll() and call again, or see status().
  virtual bool take(ReadId read, std::vector<std::byte>& bytes) = 0;
  // Nobody wants the bytes any more.
  virtual void drop(ReadId read) = 0;

  // --- Time per kernel: from now on until the next call, each dispatch is timed by itself. Nanoseconds, summed by pipeline name.
  struct KernelTime {
    std::string name;
    std::uint64_t nanoseconds = 0;
    std::uint64_t dispatches = 0;
  };
  virtual void start_profile() = 0;                      // without timestamps: does nothing
  virtual std::vector<KernelTime> finish_profile() = 0;  // waits for the device

  // For tests: the device is lost as when a driver resets it.
  virtual void lose() = 0;
};

// The adapters of this machine, those that are no software first. Empty with a reason when WebGPU is not to be had.
Result<std::vector<DeviceInfo>> list_adapters();
// `wanted`: a number of that list, a part of a name (any case), or empty for the first.
Result<std::unique_ptr<Device>> open_device(const std::string& wanted);

}  // namespace flux::webgpu
