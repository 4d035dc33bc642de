// Stands in for a Dawn that was not there when this program was built.
#include "device.h"

namespace flux::webgpu {

namespace {

Error not_built() {
  return Error{"this build of FLUX has no WebGPU: Dawn was not found when it was built", "",
               "run script/install, then build again (cmake tells whether Dawn was found)"};
}

}  // namespace

Result<std::vector<DeviceInfo>> list_adapters() { return not_built(); }
Result<std::unique_ptr<Device>> open_device(const std::string&) { return not_built(); }

}  // namespace flux::webgpu
