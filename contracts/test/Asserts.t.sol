// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.t.sol";

/// Assertions of tests about values.
abstract contract Asserts {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Unequal(bytes32 left, bytes32 right);
    error NotSo(string what);

    function so(bool condition, string memory what) internal pure {
        if (!condition) revert NotSo(what);
    }

    function same(bool left, bool right) internal pure {
        same(bytes32(uint256(left ? 1 : 0)), bytes32(uint256(right ? 1 : 0)));
    }

    function same(uint256 left, uint256 right) internal pure {
        same(bytes32(left), bytes32(right));
    }

    function same(address left, address right) internal pure {
        same(bytes32(uint256(uint160(left))), bytes32(uint256(uint160(right))));
    }

    function same(bytes32 left, bytes32 right) internal pure {
        if (left != right) revert Unequal(left, right);
    }

    /// A value between two others, both included.
    function within(uint256 value, uint256 least, uint256 greatest) internal pure returns (uint256) {
        return least + (value % (greatest - least + 1));
    }
}
