#!/bin/sh
# Gives the module another path, everywhere: scripts/rename-module.sh example.com/you/btadmin
set -eu
new=${1:?usage: scripts/rename-module.sh MODULE/PATH}
cd "$(dirname "$0")/.."
old=$(go list -m)
[ "$old" != "$new" ] || { echo "the module is $new already" >&2; exit 1; }

# Import paths and the one constant of the architecture tests, in every Go file.
find . -name '*.go' -not -path './.git/*' -exec sed -i.renamed \
  -e "s|\"$old/|\"$new/|g" -e "s|^const modulePath = \"$old\"|const modulePath = \"$new\"|" {} +
# The linter's import rules.
sed -i.renamed -e "s#\([ [{:]\)$old/\(pkg\|internal\)/#\1$new/\2/#g" .golangci.yml
# The module itself, and those beside it.
for mod in $(find . -name go.mod -not -path './.git/*'); do
  sed -i.renamed -e "s|^module $old\$|module $new|" -e "s|^module $old/|module $new/|" \
    -e "s#\(^\|[[:space:]]\)$old \(v[0-9]\)#\1$new \2#" -e "s#\(^\|[[:space:]]\)$old =>#\1$new =>#" "$mod"
done
find . -name '*.renamed' -not -path './.git/*' -delete
# Imports are sorted by path: the new one may have another place.
gofmt -w cmd internal pkg test
go build ./...
echo "the module is $(go list -m) now; go test ./... tells whether anything still knows the old path"
