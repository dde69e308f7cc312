package fleet

import (
	"context"
	"net/http"
	"time"
)

// etcdEngine keeps a record under a key of etcd, through its JSON gateway. A
// value is replaced by comparing it, not its revision: revisions count from
// the start after data was lost.
type etcdEngine struct{ caller }

type (
	etcdRange struct {
		Key []byte `json:"key"`
	}
	etcdCompare struct {
		Key     []byte `json:"key"`
		Result  string `json:"result"`
		Target  string `json:"target"`
		Value   []byte `json:"value,omitempty"`
		Version string `json:"version,omitempty"`
	}
	etcdPut struct {
		Key   []byte `json:"key"`
		Value []byte `json:"value"`
	}
	etcdOperation struct {
		Put etcdPut `json:"request_put"`
	}
	etcdTransaction struct {
		Compare []etcdCompare   `json:"compare"`
		Success []etcdOperation `json:"success"`
	}
	etcdAnswer struct {
		Message   string `json:"message"`
		Error     string `json:"error"`
		Code      int    `json:"code"` // of gRPC
		Succeeded bool   `json:"succeeded"`
		Header    *struct {
			Revision string `json:"revision"`
		} `json:"header"`
		KVs []struct {
			Value []byte `json:"value"`
		} `json:"kvs"`
	}
)

func (e *etcdEngine) key(name string) []byte { return []byte(e.target.Path + "/" + name) }

func (e *etcdEngine) Read(ctx context.Context, name string) (Entry, error) {
	a, parsed, err := e.post(ctx, "/v3/kv/range", etcdRange{Key: e.key(name)})
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Now: a.now, Tick: time.Second}
	if len(parsed.KVs) > 0 {
		entry.Data = append([]byte{}, parsed.KVs[0].Value...)
	}
	return entry, nil
}

func (e *etcdEngine) Swap(ctx context.Context, name string, was Entry, data []byte, _ time.Duration) (Entry, error) {
	key := e.key(name)
	compare := etcdCompare{Key: key, Result: "EQUAL", Target: "VALUE", Value: was.Data}
	if was.Data == nil {
		compare.Target, compare.Version = "VERSION", "0" // there is no such key
	}
	_, parsed, err := e.post(ctx, "/v3/kv/txn", etcdTransaction{
		Compare: []etcdCompare{compare},
		Success: []etcdOperation{{Put: etcdPut{Key: key, Value: data}}},
	})
	switch {
	case err != nil:
		return Entry{}, err
	case !parsed.Succeeded:
		return Entry{}, ErrConflict
	}
	return Entry{Data: data}, nil
}

// Codes of gRPC that etcd uses for what somebody must mend.
const (
	grpcInvalidArgument  = 3
	grpcPermissionDenied = 7
	grpcUnimplemented    = 12
	grpcUnauthenticated  = 16
)

func (e *etcdEngine) post(ctx context.Context, path string, body any) (answer, etcdAnswer, error) {
	a, err := e.call(ctx, http.MethodPost, path, nil, body)
	if err != nil {
		return a, etcdAnswer{}, err
	}
	var parsed etcdAnswer
	known := a.decode(&parsed)
	text := said(parsed.Message+" "+parsed.Error, a.status)
	if parsed.Message != "" {
		text = said(parsed.Message, a.status)
	}
	switch {
	case a.status == http.StatusOK && known && parsed.Header != nil:
		return a, parsed, nil
	case a.status == http.StatusNotFound:
		return a, parsed, e.target.wrong("there is no etcd v3 JSON gateway")
	case parsed.Code == grpcPermissionDenied, parsed.Code == grpcUnauthenticated, parsed.Code == grpcInvalidArgument:
		return a, parsed, e.target.refused(text)
	case parsed.Code == grpcUnimplemented:
		return a, parsed, e.target.wrong(text)
	}
	return a, parsed, e.target.unavailable(text)
}

// Close ends the connections.
func (e *etcdEngine) Close() { e.close() }

func (e *etcdEngine) certificates() (server, client time.Time) { return e.peer.ends() }
