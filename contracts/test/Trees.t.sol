// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Merkle trees by the recursive definitions of RFC 9162 §2.1, for trees small enough to be written out.
abstract contract Trees {
    /// Entries that differ from tree to tree and from place to place.
    function entriesOf(bytes32 seed, uint256 size) internal pure returns (bytes32[] memory entries) {
        entries = new bytes32[](size);
        for (uint256 i; i < size; ++i) entries[i] = keccak256(abi.encode(seed, i));
    }

    function leafOf(bytes32 entry) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"00", entry));
    }

    /// MTH(D[from:to]).
    function rootOf(bytes32[] memory d, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return leafOf(d[from]);
        uint256 k = from + split(to - from);
        return node(rootOf(d, from, k), rootOf(d, k, to));
    }

    function rootOf(bytes32[] memory d, uint256 size) internal pure returns (bytes32) {
        return rootOf(d, 0, size);
    }

    /// PATH(m, D[from:to]), with m counted from the beginning of D.
    function pathOf(
        uint256 m,
        bytes32[] memory d,
        uint256 from,
        uint256 to
    ) internal pure returns (bytes32[] memory) {
        if (to - from == 1) return new bytes32[](0);
        uint256 k = from + split(to - from);
        return
            m < k
                ? append(pathOf(m, d, from, k), rootOf(d, k, to))
                : append(pathOf(m, d, k, to), rootOf(d, from, k));
    }

    /// PROOF(m, D[0:n]).
    function proofOf(uint256 m, bytes32[] memory d, uint256 n) internal pure returns (bytes32[] memory) {
        return m == n ? new bytes32[](0) : subproof(m, d, 0, n, true);
    }

    /// SUBPROOF(m, D[from:to], whole), with m counted from `from`.
    function subproof(
        uint256 m,
        bytes32[] memory d,
        uint256 from,
        uint256 to,
        bool whole
    ) private pure returns (bytes32[] memory) {
        uint256 n = to - from;
        if (m == n) {
            bytes32[] memory none = new bytes32[](0);
            return whole ? none : append(none, rootOf(d, from, to));
        }
        uint256 k = split(n);
        return
            m <= k
                ? append(subproof(m, d, from, from + k, whole), rootOf(d, from + k, to))
                : append(subproof(m - k, d, from + k, to, false), rootOf(d, from, from + k));
    }

    /// The largest power of two below n.
    function split(uint256 n) private pure returns (uint256 k) {
        k = 1;
        while (2 * k < n) k *= 2;
    }

    function node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"01", left, right));
    }

    function append(bytes32[] memory list, bytes32 hash) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = hash;
    }
}
