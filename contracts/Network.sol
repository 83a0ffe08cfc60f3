// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";

// Model: both values are immutable, so they are part of the code and take no word of storage. A digest of a request
// costs no read.

/// @title Base of every contract of a network: its EIP-712 domain, and how a batch goes on after a refusal
/// @notice The domain names the network by a random salt and no contract: a request means the same to every
/// contract of its network, and nothing to another network.
abstract contract Network is IRefusals {
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)"
    );

    /// @notice 32 random bytes that no other network has.
    bytes32 public immutable networkId;
    /// @notice The EIP-712 domain separator.
    bytes32 public immutable domainSeparator;

    constructor(bytes32 networkId_) {
        networkId = networkId_;
        domainSeparator = keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("Medseal"), keccak256("1"), block.chainid, networkId_)
        );
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator, structHash);
    }

    /// Names a request that was not taken. A dry run, whose sender is nobody, reverts: nothing else can have that sender.
    function _report(uint256 index, bytes4 refusal) internal {
        if (refusal == 0) return;
        if (msg.sender == address(0)) revert RequestRefused(index, refusal);
        emit Refused(index, refusal);
    }
}
