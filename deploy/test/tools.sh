# shellcheck shell=bash
# The programs that check manifests, from their Go modules, into $work/bin; and Kubernetes' schemas. Sourced by `run`.

kubernetes=1.34.4
# The Go that a distribution has may be older than the tools want: this one comes as a module, too.
toolchain=1.24.4

PATH=${work:?}/bin:$PATH

# program NAME MODULE@VERSION: once.
program() {
  [[ -x $work/bin/$1 ]] && return
  say "building $1 of ${2%@*}"
  mkdir -p "$work/go"
  GOBIN=$work/go go_tool install "$2"
  mv "$work/go/$(basename "${2%@*}" | sed 's/^v[0-9]*$/kustomize/')" "$work/bin/$1"
}

go_tool() {
  local found version
  found=$(command -v go) || { say "no go: install golang-go" >&2; return 1; }
  version=$("$found" env GOVERSION)
  if [[ $(printf '%s\n' "go$toolchain" "$version" | sort -V | head -1) != "go$toolchain" ]]; then
    found=$("$found" mod download -json "golang.org/toolchain@v0.0.1-go$toolchain.linux-$("$found" env GOARCH)" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    chmod -R u+w "$found" && find "$found/bin" "$found/pkg/tool" -type f -exec chmod +x {} +
    found=$found/bin/go
  fi
  "$found" "$@"
}

tools() {
  program kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
  program kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
  program kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0
  program compose-check github.com/compose-spec/compose-go/v2/cmd@v2.6.4
  [[ -d $work/schemas ]] && return
  local module
  module=$(cd "$work" && go_tool mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  python3 deploy/test/schemas.py "$module/api/openapi-spec/swagger.json" "$work/schemas"
}
