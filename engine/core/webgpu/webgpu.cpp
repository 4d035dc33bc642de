// What core.h tells of the webgpu core. Cores on the same GPU share its device and its kernels.
#include <map>
#include <memory>
#include <string>

#include "core/core.h"
#include "webgpu_core.h"

namespace flux {

namespace {

Result<std::shared_ptr<webgpu::Gpu>> open_gpu(const std::string& name) {
  static std::map<std::string, std::weak_ptr<webgpu::Gpu>> open_ones;  // by the name that was asked for
  std::weak_ptr<webgpu::Gpu>& known = open_ones[name];
  if (std::shared_ptr<webgpu::Gpu> gpu = known.lock(); gpu && gpu->device().status().ok()) return gpu;
  auto device = webgpu::open_device(name);
  if (!device) return device.error();
  auto gpu = std::make_shared<webgpu::Gpu>(std::move(device).value());
  known = gpu;
  return gpu;
}

}  // namespace

Result<std::unique_ptr<Core>> make_webgpu_core(std::shared_ptr<Graph> graph, const WebGpuOptions& options) {
  auto gpu = open_gpu(options.device);
  if (!gpu) return gpu.error();
  auto core = webgpu::WebGpuCore::make(std::move(graph), std::move(gpu).value());
  if (!core) return core.error();
  return std::unique_ptr<Core>(std::move(core).value());
}

std::string gpu_state_wgsl() { return webgpu::wgsl_prelude({}) + webgpu::wgsl_source("rule") + webgpu::wgsl_source("types"); }

Result<std::vector<GpuInfo>> list_gpus() {
  auto adapters = webgpu::list_adapters();
  if (!adapters) return adapters.error();
  std::vector<GpuInfo> gpus;
  for (const webgpu::DeviceInfo& info : adapters.value()) gpus.push_back(webgpu::Gpu::info_of(info));
  return gpus;
}

}  // namespace flux
