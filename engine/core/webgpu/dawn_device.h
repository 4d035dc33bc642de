// The device interface on Dawn's C API; dawn_adapters.cpp makes devices.
#pragma once

#include <webgpu/webgpu.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "device.h"

namespace flux::webgpu {

// What the callbacks of a device write to; the device owns it.
struct Trouble {
  std::string message;  // of the first error
};

class DawnDevice final : public Device {
 public:
  DawnDevice(WGPUInstance instance, WGPUDevice device, DeviceInfo info, std::unique_ptr<Trouble> trouble)
      : instance_(instance), device_(device), queue_(wgpuDeviceGetQueue(device)), info_(std::move(info)), trouble_(std::move(trouble)) {}
  ~DawnDevice() override;

  const DeviceInfo& info() const override { return info_; }
  Status status() override;

  BufferId create_buffer(std::uint64_t bytes, bool uniform) override;
  void destroy_buffer(BufferId buffer) override;
  PipelineId create_pipeline(std::string_view name, const std::string& wgsl, std::span<const Access> bindings) override;
  void destroy_pipeline(PipelineId pipeline) override;
  GroupId create_group(PipelineId pipeline, std::span<const BufferId> buffers) override;
  void destroy_group(GroupId group) override;
  void write(BufferId buffer, std::uint64_t offset, std::span<const std::byte> bytes) override;

  void dispatch(PipelineId pipeline, GroupId group, std::uint32_t tick, std::uint32_t workgroups) override;
  void copy(BufferId from, std::uint64_t from_offset, BufferId to, std::uint64_t to_offset, std::uint64_t bytes) override;
  void clear(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override;
  ReadId read(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override;
  void submit() override;
  void poll() override;
  Status wait() override;
  bool take(ReadId read, std::vector<std::byte>& bytes) override;
  void drop(ReadId read) override;

  void start_profile() override;
  std::vector<KernelTime> finish_profile() override;
  void lose() override { wgpuDeviceDestroy(device_); }

 private:
  struct Pipeline {
    std::string name;
    WGPUComputePipeline pipeline = nullptr;
    WGPUBindGroupLayout layout = nullptr;
    std::vector<Access> bindings;
  };
  struct Group {
    WGPUBindGroup group = nullptr;
    bool has_tick = false;
  };
  struct Read {
    WGPUBuffer staging = nullptr;
    std::uint64_t bytes = 0;
    bool mapping = false;
    bool done = false;
    bool failed = false;
    bool dropped = false;
  };
  // Timestamps of the dispatches since start_profile().
  struct Profile {
    WGPUQuerySet queries = nullptr;
    WGPUBuffer resolved = nullptr;
    std::vector<PipelineId> dispatched;  // whose timestamps stand in the query set
    std::map<std::string, KernelTime> times;
  };

  WGPUCommandEncoder encoder();
  WGPUComputePassEncoder pass();
  void end_pass();
  void wait_for_queue();
  void gather_timestamps();

  WGPUInstance instance_;
  WGPUDevice device_;
  WGPUQueue queue_;
  DeviceInfo info_;
  std::unique_ptr<Trouble> trouble_;
  WGPUCommandEncoder encoder_ = nullptr;
  WGPUComputePassEncoder pass_ = nullptr;
  std::uint64_t unsent_bytes_ = 0;
  std::uint32_t next_id_ = 1;
  std::map<BufferId, WGPUBuffer> buffers_;
  std::map<PipelineId, Pipeline> pipelines_;
  std::map<GroupId, Group> groups_;
  std::map<ReadId, std::unique_ptr<Read>> reads_;
  std::map<std::uint64_t, std::vector<WGPUBuffer>> spare_staging_;  // by size, to be used again
  std::unique_ptr<Profile> profile_;
};

}  // namespace flux::webgpu
